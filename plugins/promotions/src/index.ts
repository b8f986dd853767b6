export { promotionsPlugin as default } from './plugin';
export { promotionsApiRef, type PromotionsApi } from './api/PromotionsApi';
export { LinkedPromotions } from './progress/LinkedPromotions';
