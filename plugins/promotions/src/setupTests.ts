import '@testing-library/jest-dom';
import { configure } from '@testing-library/react';

// Pages load when they are opened, which takes its time where all packages are tested
// at once. These bounds only end what hangs.
configure({ asyncUtilTimeout: 20_000 });
jest.setTimeout(60_000);
