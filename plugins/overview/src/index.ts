export { overviewPlugin as default } from './plugin';
