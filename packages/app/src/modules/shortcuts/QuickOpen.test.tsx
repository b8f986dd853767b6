import { useState } from 'react';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { QuickOpen } from './QuickOpen';

const opened: string[] = [];
const entry = (title: string, section: 'pages' | 'catalog') => ({
  id: title,
  section,
  title,
  run: () => opened.push(title),
});

function Opened(props: { hasFailed?: boolean }) {
  const [text, setText] = useState('');
  return (
    <QuickOpen
      entries={[entry('Catalog', 'pages'), entry('Create', 'pages')]}
      hits={text === '' ? [] : [entry('cart', 'catalog')]}
      isLoading={false}
      hasFailed={props.hasFailed ?? false}
      text={text}
      onText={setText}
      onSearch={wanted => opened.push(`search ${wanted}`)}
      onClose={() => opened.push('closed')}
    />
  );
}

beforeAll(() => {
  // jsdom knows the elements and not what they do.
  Element.prototype.scrollIntoView = () => {};
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
  };
});

beforeEach(() => {
  opened.length = 0;
});

it('goes to the entry that the arrow keys chose, and says which that is', async () => {
  renderInTestApp(<Opened />);
  const field = await screen.findByRole('combobox');
  await userEvent.type(field, '{ArrowDown}');
  expect(field).toHaveAttribute(
    'aria-activedescendant',
    screen.getByRole('option', { name: 'Create' }).id,
  );
  await userEvent.type(field, '{Enter}');
  expect(opened).toEqual(['closed', 'Create']);
});

it('offers what the catalog has first, and to search everything last', async () => {
  renderInTestApp(<Opened />);
  await userEvent.type(await screen.findByRole('combobox'), 'ca');
  expect(
    screen.getAllByRole('option').map(option => option.textContent),
  ).toEqual(['cart', 'Catalog', 'Search everything for “ca”']);
  await userEvent.keyboard('{ArrowUp}{Enter}');
  expect(opened).toEqual(['closed', 'search ca']);
});

it('says when the catalog does not answer, and still opens pages', async () => {
  renderInTestApp(<Opened hasFailed />);
  expect(await screen.findByText(/did not answer/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('option', { name: 'Catalog' }));
  expect(opened).toEqual(['closed', 'Catalog']);
});
