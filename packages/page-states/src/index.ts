export {
  describeProblem,
  type ProblemKind,
  problemKindOf,
} from './describeProblem';
export { EmptyState } from './EmptyState';
export { LoadingState } from './LoadingState';
export { ProblemState } from './ProblemState';
export { pageStatesTranslationRef } from './translation';
