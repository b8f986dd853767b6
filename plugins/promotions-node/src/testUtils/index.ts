export * from './gateQuestion';
