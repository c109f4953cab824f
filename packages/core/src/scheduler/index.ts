export { SCHEDULES, type ScheduledJob } from './schedule.ts'
export { Scheduler, type SchedulerOptions } from './scheduler.ts'
