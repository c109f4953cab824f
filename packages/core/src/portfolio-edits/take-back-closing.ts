import type { EditFacts } from './edit-portfolio.ts'
import { deleteClosing } from './store/delete-closing.ts'
import { saveExit } from './store/save-exit.ts'
import { selectLotKind } from './store/select-lot-kind.ts'

/** Takes a closing back, as if it had never been. */
export function takeBackClosing(positionId: string, eventId: string): EditFacts<string> {
  return async (tx, { portfolioId }) => {
    await selectLotKind(tx, portfolioId, positionId)
    const touched = await deleteClosing(tx, { positionId, eventId })
    await saveExit(tx, positionId)
    return { value: eventId, touched }
  }
}
