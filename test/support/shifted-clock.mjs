// @ts-check
// Loaded before a program (`--import`), so that its machine's time of day is wrong by LAB_CLOCK_SHIFT milliseconds.

const shift = Number(process.env.LAB_CLOCK_SHIFT ?? 0);
const RightDate = Date;

class ShiftedDate extends RightDate {
  /** @param {[] | [number | string | Date]} values */
  constructor(...values) {
    if (values.length === 0) super(RightDate.now() + shift);
    else super(...values);
  }
  /** @override */
  static now() {
    return RightDate.now() + shift;
  }
}

globalThis.Date = /** @type {DateConstructor} */ (/** @type {unknown} */ (ShiftedDate));
