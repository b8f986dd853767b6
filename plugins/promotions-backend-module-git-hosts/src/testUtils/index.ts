/* eslint-disable no-restricted-imports -- the door to what this package's own tests use, for the tests of promotions-backend */
export { HostWorld } from '../__testUtils__/HostWorld';
export { RealGitea, type RealRepository } from '../__testUtils__/RealGitea';
export { StandInHost } from '../__testUtils__/StandInHost';
export { standInHosts } from '../__testUtils__/standInHosts';
export { type StandInRepository } from '../__testUtils__/StandInRepository';
