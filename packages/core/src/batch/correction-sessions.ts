/**
 * How many sessions back a bar that arrives late or is restated has what was computed from it computed
 * again: factors and figures by the symbol layer, snapshots of its holders by the portfolio layer. Older
 * ones are reported.
 */
export const CORRECTION_SESSIONS = 5
