export { BatchJobType, JobTracker, type NewJob, type TrackedJob } from './job-tracker.ts'
