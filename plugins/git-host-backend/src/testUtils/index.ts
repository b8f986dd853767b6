export * from './TestGitHost';
