export { TourBar } from './TourBar';
export { openTour } from './tourRecord';
export { samples, type Tour, type TourStep, tourOf } from './tours';
export { useStartTour } from './useTour';
