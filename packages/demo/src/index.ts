export { evidenceFiles, exportEvidence, type Evidence } from './exportEvidence';
export { type DemoProgress, type DemoResult, runDemo } from './runDemo';
export { type DemoOrganisation, organisations } from './organisations';
