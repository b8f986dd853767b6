import { fetchApiRef } from '@backstage/frontend-plugin-api';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { type DocsBuild } from '@portico/docs-builder-common';
import { screen } from '@testing-library/react';
import { DocsBuildNotice } from './DocsBuildNotice';
import { useDocsBuild } from './useDocsBuild';

const record: DocsBuild = {
  state: 'failed',
  repository: 'aurora/checkout',
  commit: '0123456789abcdef',
  at: '2026-01-31T12:00:00Z',
  reason: 'MkDocs ended with code 1.',
  log: 'a page is absent',
};

function Notice(props: { hasPages?: boolean }) {
  const build = useDocsBuild({
    kind: 'Component',
    namespace: 'aurora',
    name: 'Checkout',
  });
  return <DocsBuildNotice build={build} hasPages={props.hasPages} />;
}

function open(answer: Response, hasPages = false) {
  const asked: string[] = [];
  renderInTestApp(<Notice hasPages={hasPages} />, {
    apis: [
      [
        fetchApiRef,
        {
          fetch: async (input: RequestInfo | URL) => {
            asked.push(String(input));
            return answer.clone();
          },
        },
      ],
    ],
  });
  return asked;
}

it('says why pages could not be built, and which are shown', async () => {
  const asked = open(Response.json(record), true);
  expect(
    await screen.findByText('The pages of commit 01234567 could not be built'),
  ).toBeInTheDocument();
  expect(screen.getByText('MkDocs ended with code 1.')).toBeInTheDocument();
  expect(screen.getByText('a page is absent')).toBeInTheDocument();
  expect(
    screen.getByText('The pages of an earlier commit are shown.'),
  ).toBeInTheDocument();
  expect(asked).toEqual([
    'plugin://techdocs/static/docs/aurora/component/checkout/portico-build.json',
  ]);
});

it('says what is missing on the machine', async () => {
  open(
    Response.json({
      ...record,
      state: 'unavailable',
      reason: 'MkDocs needs Python.',
    }),
  );
  expect(await screen.findByText('MkDocs needs Python.')).toBeInTheDocument();
});

it('says that pages are being built', async () => {
  open(Response.json({ ...record, state: 'building' }));
  expect(await screen.findByRole('status')).toHaveTextContent(
    /are being built.*The files of the repository are shown/,
  );
});

it('lists what was left out', async () => {
  open(
    Response.json({
      ...record,
      state: 'succeeded',
      notes: ['"hooks" is not used'],
    }),
  );
  expect(await screen.findByText('"hooks" is not used')).toBeInTheDocument();
});

it.each([
  ['nobody tells', () => new Response('{}', { status: 404 })],
  ['something else answers', () => Response.json({ state: 'perfect' })],
  ['all is well', () => Response.json({ ...record, state: 'succeeded' })],
])('says nothing where %s', async (_, answer) => {
  const asked = open(answer());
  await screen.findByText((_text, element) => element === document.body);
  expect(asked).toHaveLength(1);
  expect(screen.queryByText(/pages/i)).not.toBeInTheDocument();
});
