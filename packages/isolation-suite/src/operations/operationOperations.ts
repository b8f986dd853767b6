import { type Operation, operationsOf } from './Operation';

const operation = operationsOf('operation');

export const operationOperations: Operation[] = [
  ...operation(
    'GET /checks',
    { 'as it is': () => '/checks' },
    {
      incomparable:
        'It is asked for nothing by name, and what it measures differs each time.',
    },
  ),
];
