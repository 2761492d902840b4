/** A block of a matrix in an array: the place of its first number, and the distance from one row to the next. */
export interface Block {
  readonly start: number;
  readonly row: number;
}

/** A block that may be the transpose of one, so that its columns have a distance, too. */
export interface StridedBlock extends Block {
  readonly column: number;
}

/** The sizes of a product: of C `[rows, columns]`, A `[rows, inner]` and B `[inner, columns]`. */
export interface ProductSize {
  readonly rows: number;
  /** A multiple of four. */
  readonly inner: number;
  /** An even number. */
  readonly columns: number;
}

/** C ← C + A B for blocks of a workspace. */
export type AddProduct = (c: Block, a: StridedBlock, b: Block, size: ProductSize) => void;

/** Numbers, 0 at first, with a product of their blocks. */
export interface Workspace {
  readonly numbers: Float64Array;
  readonly addProduct: AddProduct;
}
