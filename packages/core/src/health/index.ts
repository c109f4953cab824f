export { readinessOf, type Readiness } from './readiness.ts'
export { pingDatabase } from './store/ping-database.ts'
export { selectPrerequisites, type Prerequisite } from './store/select-prerequisites.ts'
