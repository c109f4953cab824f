export type { Clock } from './clock.ts'
export { fixedClock } from './fixed-clock.ts'
export { systemClock } from './system-clock.ts'
