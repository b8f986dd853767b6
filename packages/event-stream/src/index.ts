export { followEvents } from './followEvents';
export { readBody } from './readBody';
export { type ServerSentEvent } from './readEventStream';
