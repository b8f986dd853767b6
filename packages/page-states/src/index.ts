export {
  describeProblem,
  type ProblemKind,
  problemKindOf,
} from './describeProblem';
export { EmptyState } from './EmptyState';
export { LoadingState } from './LoadingState';
export { Mark, type Tone } from './Mark';
export { ProblemState } from './ProblemState';
export { Section } from './Section';
export { pageStatesTranslationRef } from './translation';
export { useAddressQuery } from './useAddressQuery';
