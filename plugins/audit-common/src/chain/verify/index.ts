export { type KeptCheckpoint } from './BundleVerifier';
export * from './VerificationProblem';
export * from './VerificationReport';
export * from './verifyBundle';
