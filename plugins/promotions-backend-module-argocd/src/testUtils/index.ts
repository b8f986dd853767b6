/* eslint-disable no-restricted-imports -- the door to what this package's own tests use, for the tests of promotions-backend */
export { recordedErrors } from '../__testUtils__/ArgoCdStandIn';
export { DriverWorld } from '../__testUtils__/DriverWorld';
