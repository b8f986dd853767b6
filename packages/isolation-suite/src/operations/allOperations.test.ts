import { ghost, absentIn } from '../world/Things';
import { allOperations } from './allOperations';
import { operationName } from './Operation';

describe('the operations of the isolation suite', () => {
  const { operations, rows, rowsWithoutOperation } = allOperations();

  it('ask every open row of the route table', () => {
    expect(rows.length).toBeGreaterThan(200);
    expect(rowsWithoutOperation).toEqual([]);
  });

  it('have names of their own', () => {
    const names = operations.map(operationName);
    expect(
      names.filter((name, place) => names.indexOf(name) !== place),
    ).toEqual([]);
  });

  it('build a request for any things', () => {
    const own = absentIn('isola');
    for (const operation of operations) {
      const { method, path } = operation.build(ghost, own);
      expect([operationName(operation), path]).toEqual([
        operationName(operation),
        expect.stringMatching(/^\//),
      ]);
      expect(method).toMatch(/^[A-Z]+$/);
    }
  });
});
