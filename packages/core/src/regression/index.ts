export { collinearity, type Collinearity } from './collinearity.ts'
export { prepareDesign, type DesignRefusal, type PreparedDesign } from './design.ts'
export { centreOutputs, type CentredOutputs } from './centre-outputs.ts'
export { fitCentred, fitMany } from './fit-many.ts'
