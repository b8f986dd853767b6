export { runDemo, type DemoResult } from './runDemo';
export {
  organisations,
  type DemoComponent,
  type DemoOrganisation,
} from './organisations';
