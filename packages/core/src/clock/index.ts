export type { Clock } from './clock.ts'
export { fixedClock, systemClock } from './clocks.ts'
