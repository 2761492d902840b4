;; C ← C + A B in float64, two columns at a time and four products for each sum: c ← c + (((a p + b q) + c r) + d t).
;; All places and distances are bytes of the memory. The columns of B and of C are next to each other; their number is even, and
;; $inner, the number of columns of A, is a multiple of four. $aRow and $aColumn are the distances of A's rows and columns.
(module
  (import "blocks" "memory" (memory 1))
  (func (export "addProduct")
    (param $c i32) (param $a i32) (param $b i32)
    (param $rows i32) (param $inner i32) (param $columns i32)
    (param $cRow i32) (param $aRow i32) (param $aColumn i32) (param $bRow i32)
    (local $row i32) (local $k i32) (local $weight i32) (local $sum i32) (local $end i32)
    (local $p i32) (local $q i32) (local $r i32) (local $t i32)
    (local $wp v128) (local $wq v128) (local $wr v128) (local $wt v128)
    (loop $rowLoop
      (local.set $weight (local.get $a))
      (local.set $p (local.get $b))
      (local.set $k (i32.const 0))
      (loop $innerLoop
        (local.set $wp (v128.load64_splat (local.get $weight)))
        (local.set $weight (i32.add (local.get $weight) (local.get $aColumn)))
        (local.set $wq (v128.load64_splat (local.get $weight)))
        (local.set $weight (i32.add (local.get $weight) (local.get $aColumn)))
        (local.set $wr (v128.load64_splat (local.get $weight)))
        (local.set $weight (i32.add (local.get $weight) (local.get $aColumn)))
        (local.set $wt (v128.load64_splat (local.get $weight)))
        (local.set $weight (i32.add (local.get $weight) (local.get $aColumn)))
        (local.set $q (i32.add (local.get $p) (local.get $bRow)))
        (local.set $r (i32.add (local.get $q) (local.get $bRow)))
        (local.set $t (i32.add (local.get $r) (local.get $bRow)))
        (local.set $sum (local.get $c))
        (local.set $end (i32.add (local.get $c) (i32.mul (local.get $columns) (i32.const 8))))
        (loop $two
          (v128.store (local.get $sum)
            (f64x2.add
              (v128.load (local.get $sum))
              (f64x2.add
                (f64x2.add
                  (f64x2.add
                    (f64x2.mul (local.get $wp) (v128.load (local.get $p)))
                    (f64x2.mul (local.get $wq) (v128.load (local.get $q))))
                  (f64x2.mul (local.get $wr) (v128.load (local.get $r))))
                (f64x2.mul (local.get $wt) (v128.load (local.get $t))))))
          (local.set $p (i32.add (local.get $p) (i32.const 16)))
          (local.set $q (i32.add (local.get $q) (i32.const 16)))
          (local.set $r (i32.add (local.get $r) (i32.const 16)))
          (local.set $t (i32.add (local.get $t) (i32.const 16)))
          (local.set $sum (i32.add (local.get $sum) (i32.const 16)))
          (br_if $two (i32.lt_u (local.get $sum) (local.get $end))))
        (local.set $k (i32.add (local.get $k) (i32.const 4)))
        (local.set $p (i32.add (local.get $b) (i32.mul (local.get $k) (local.get $bRow))))
        (br_if $innerLoop (i32.lt_u (local.get $k) (local.get $inner))))
      (local.set $a (i32.add (local.get $a) (local.get $aRow)))
      (local.set $c (i32.add (local.get $c) (local.get $cRow)))
      (local.set $row (i32.add (local.get $row) (i32.const 1)))
      (br_if $rowLoop (i32.lt_u (local.get $row) (local.get $rows))))))
