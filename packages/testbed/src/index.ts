export { type BedState, readBedState } from './BedState';
