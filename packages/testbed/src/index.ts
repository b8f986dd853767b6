export { BedFolder } from './BedFolder';
export { findProgram, type GoProgram } from './build/BedProgram';
export { buildProgram } from './build/buildProgram';
export { downloadGoModule } from './build/downloadGoModule';
export { type BedState, readBedState } from './BedState';
export { KubernetesApi } from './systems/KubernetesApi';
export { DisturbedWay } from './systems/DisturbedWay';
export { until } from './until';
