export {
  isLockFree,
  tryAdvisoryLock,
  tryAdvisoryLocks,
  type HeldConnection,
  type HeldLock,
} from './advisory-lock.ts'
