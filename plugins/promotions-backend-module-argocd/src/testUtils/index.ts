/* eslint-disable no-restricted-imports -- the door to what this package's own tests use, for the tests of promotions-backend */
export { recordedErrors } from '../__testUtils__/ArgoCdStandIn';
export { ArgoCdWorld } from '../__testUtils__/ArgoCdWorld';
export { deploymentFiles } from '../__testUtils__/deploymentFiles';
export { DriverWorld } from '../__testUtils__/DriverWorld';
export { RealArgoCd } from '../__testUtils__/RealArgoCd';
