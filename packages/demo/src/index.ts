export { evidenceFiles, exportEvidence, type Evidence } from './exportEvidence';
export { type DemoHistory } from './historyOf';
export { type DemoProgress, type DemoResult, runDemo } from './runDemo';
export { type DemoOrganisation, organisations } from './organisations';
