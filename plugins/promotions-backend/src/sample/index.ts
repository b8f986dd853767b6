export { type SampleComponent } from './SampleHistory';
export { writeSampleHistory, type WrittenHistory } from './writeSampleHistory';
