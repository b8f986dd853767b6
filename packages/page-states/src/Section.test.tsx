import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen, within } from '@testing-library/react';
import { Section } from './Section';

it('is a region named by its heading, with its actions and content', async () => {
  await renderInTestApp(
    <>
      <Section title="Releases" actions={<button>Add</button>}>
        None so far
      </Section>
      <Section title="Drift">In step</Section>
    </>,
  );
  const section = within(screen.getByRole('region', { name: 'Releases' }));
  expect(section.getByRole('heading', { level: 2 })).toHaveTextContent(
    'Releases',
  );
  expect(section.getByRole('button', { name: 'Add' })).toBeVisible();
  expect(section.getByText('None so far')).toBeVisible();
  expect(section.queryByText('In step')).not.toBeInTheDocument();
});
