export { builtInGates } from './builtInGates';
export { createGateAsker } from './createGateAsker';
export { toVoter } from './gateFacts';
export type { GateSources } from './GateSources';
export { matchAuthors, readPromotionAuthors } from './promotionAuthors';
