export { TemplateBench, type TemplateRun } from './TemplateBench';
