import { type VerificationProblem } from '@portico/plugin-audit-common/chain';
import { type Output } from '../output/Output';
import { type FilesReport } from './verifyFiles';

/** Prints what became of the verification of files. */
export function printFilesReport(output: Output, report: FilesReport): void {
  if (output.format === 'json') {
    output.text(report, '');
    return;
  }
  const rows = report.files.flatMap(({ file, chains, problem }) => [
    ...chains.map(chain => ({ file, ...chain })),
    ...(problem && !chains.some(chain => chain.problem)
      ? [{ file, ok: false, problem, remarks: [] }]
      : []),
  ]);
  output.list(rows, [
    { title: 'FILE', value: row => row.file },
    { title: 'CHAIN', value: row => ('chain' in row ? row.chain : undefined) },
    {
      title: 'ENTRIES',
      value: row => ('entries' in row ? row.entries : undefined),
    },
    {
      title: 'SIGNED',
      value: row => ('confirmed' in row ? row.confirmed : undefined),
    },
    {
      title: 'RESULT',
      value: row => (row.problem ? describePlace(row.problem) : 'verified'),
    },
  ]);
  for (const { file, problem, remarks } of rows) {
    if (problem) {
      output.remark(`${file}: ${describeProblem(problem)}`);
    }
    remarks.forEach(remark => output.remark(`${file}: ${remark}`));
  }
  report.missingChains.forEach(chain =>
    output.remark(`${chain}: a checkpoint was kept, but no bundle is of it`),
  );
}

function describePlace({ kind, sequence }: VerificationProblem): string {
  return sequence === undefined ? kind : `${kind} at entry ${sequence}`;
}

function describeProblem(problem: VerificationProblem): string {
  const { sentence, line, expected, found } = problem;
  return [
    line ? `line ${line}: ${sentence}` : sentence,
    ...(expected ? [`  expected ${expected}`] : []),
    ...(found ? [`  found    ${found}`] : []),
  ].join('\n');
}
