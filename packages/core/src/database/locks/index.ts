export { isLockFree, tryAdvisoryLock, tryAdvisoryLocks, type HeldLock } from './advisory-lock.ts'
