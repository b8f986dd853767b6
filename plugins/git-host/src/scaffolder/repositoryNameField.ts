import { identityApiRef } from '@backstage/frontend-plugin-api';
import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { gitHostApiRef } from '../api/GitHostApi';
import { checkName } from './repositoryNameCheck';
import { RepositoryNameInput } from './RepositoryNameInput';

/** `ui:field: RepositoryName` in a template's form. */
export const repositoryNameField = createFormField({
  name: 'RepositoryName',
  component: RepositoryNameInput,
  // The form's own pattern is checked by the form; here only whether it is taken.
  validation: async (name, validation, { apiHolder }) => {
    const gitHostApi = apiHolder.get(gitHostApiRef);
    const identityApi = apiHolder.get(identityApiRef);
    if (!gitHostApi || !identityApi || typeof name !== 'string') {
      return;
    }
    const { userEntityRef } = await identityApi.getBackstageIdentity();
    const state = await checkName({ name, userEntityRef, gitHostApi });
    if (state.kind === 'taken') {
      validation.addError(
        `${state.tenant}/${name} exists already: choose another name.`,
      );
    }
  },
});
