;; One step of Adam for a row, four numbers at a time: the equations of `adamStep`, in float32 and in its order.
;; The memory holds the row's values, means, squares and gradients one after the other, each of $size bytes, which is a
;; multiple of 16.
(module
  (import "row" "memory" (memory 1))
  (func (export "step")
    (param $size i32) (param $beta1 f32) (param $beta2 f32) (param $decay f32) (param $rate f32) (param $offset f32)
    (local $value i32) (local $mean i32) (local $square i32) (local $gradient i32)
    (local $slope v128) (local $nextMean v128) (local $nextSquare v128)
    (local.set $mean (local.get $size))
    (local.set $square (i32.mul (local.get $size) (i32.const 2)))
    (local.set $gradient (i32.mul (local.get $size) (i32.const 3)))
    (loop $four
      (local.set $slope (v128.load (local.get $gradient)))
      ;; m ← β₁ m + g
      (local.set $nextMean
        (f32x4.add
          (f32x4.mul (f32x4.splat (local.get $beta1)) (v128.load (local.get $mean)))
          (local.get $slope)))
      ;; v ← β₂ v + g²
      (local.set $nextSquare
        (f32x4.add
          (f32x4.mul (f32x4.splat (local.get $beta2)) (v128.load (local.get $square)))
          (f32x4.mul (local.get $slope) (local.get $slope))))
      ;; θ ← decay · θ − rate · m / (√v + offset)
      (v128.store (local.get $value)
        (f32x4.sub
          (f32x4.mul (f32x4.splat (local.get $decay)) (v128.load (local.get $value)))
          (f32x4.mul (f32x4.splat (local.get $rate))
            (f32x4.div
              (local.get $nextMean)
              (f32x4.add (f32x4.sqrt (local.get $nextSquare)) (f32x4.splat (local.get $offset)))))))
      (v128.store (local.get $mean) (local.get $nextMean))
      (v128.store (local.get $square) (local.get $nextSquare))
      (local.set $mean (i32.add (local.get $mean) (i32.const 16)))
      (local.set $square (i32.add (local.get $square) (i32.const 16)))
      (local.set $gradient (i32.add (local.get $gradient) (i32.const 16)))
      (local.set $value (i32.add (local.get $value) (i32.const 16)))
      (br_if $four (i32.lt_u (local.get $value) (local.get $size))))))
