import { NotFoundError } from '@backstage/errors';
import { identityApiRef } from '@backstage/frontend-plugin-api';
import {
  mockApis,
  renderInTestApp,
  TestApiProvider,
} from '@backstage/frontend-test-utils';
import { type FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { gitHostApiRef, type RepositoryName } from '../api/GitHostApi';
import { RepositoryNameInput } from './RepositoryNameInput';

const schema = { title: 'Name', pattern: '^[a-z][a-z0-9-]*$', minLength: 3 };

/** The field as the form renders it, which hands over much that it does not need. */
function Form() {
  const [name, setName] = useState<string>();
  const props = {
    formData: name,
    onChange: setName,
    schema,
    uiSchema: {
      'ui:options': { rule: 'Three or more lower-case letters.' },
    },
    required: true,
  } as unknown as FieldExtensionComponentProps<string>;
  return <RepositoryNameInput {...props} />;
}

async function renderForm(taken: string[]) {
  const get = jest.fn(async ({ tenant, repository }: RepositoryName) => {
    if (!taken.includes(`${tenant}/${repository}`)) {
      throw new NotFoundError('absent');
    }
    const url = 'http://localhost:7007/git';
    return {
      tenant,
      name: repository,
      description: '',
      defaultBranch: 'main',
      cloneUrl: url,
      webUrl: url,
    };
  });
  await renderInTestApp(
    <TestApiProvider
      apis={[
        [gitHostApiRef, { get }],
        [
          identityApiRef,
          mockApis.identity({ userEntityRef: 'user:aurora/kim' }),
        ],
      ]}
    >
      <Form />
    </TestApiProvider>,
  );
  return { get, input: await screen.findByRole('textbox', { name: /Name/ }) };
}

describe('RepositoryNameInput', () => {
  it('says while one types what will be made', async () => {
    const { input } = await renderForm([]);
    expect(screen.getByRole('status')).toHaveTextContent('Three or more');
    await userEvent.type(input, 'checkout');
    expect(
      await screen.findByText(/aurora\/checkout is free/),
    ).toBeInTheDocument();
  });

  it('says that a name is taken in the own tenant', async () => {
    const { input } = await renderForm(['aurora/checkout']);
    await userEvent.type(input, 'checkout');
    expect(
      await screen.findByText(/aurora\/checkout exists already/),
    ).toHaveAttribute('role', 'alert');
    expect(input).toBeInvalid();
  });

  it('repeats the rule and asks nobody about a malformed name', async () => {
    const { get, input } = await renderForm([]);
    await userEvent.type(input, 'Check out');
    expect(screen.getByRole('alert')).toHaveTextContent('Three or more');
    expect(input).toBeInvalid();
    expect(get).not.toHaveBeenCalled();
  });
});
