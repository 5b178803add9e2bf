// The names of all variables there are, for "did you mean", for .env.example and for its test.

/** Read by bot and worker. */
export const commonVariables = [
  'REDIS_URL',
  'WCS_SECRET',
  'WCS_INSTALLATION',
  'WCS_TAGS',
  'WCS_LOG_LEVEL',
  'WCS_HEALTH_PORT',
  'WCS_PROGRESS',
  'WCS_JOB_LOCK',
] as const;

export const botVariables = [
  'SLACK_BOT_TOKEN',
  'SLACK_APP_TOKEN',
  'SLACK_SIGNING_SECRET',
  'SLACK_API_URL',
  'PORT',
  'WCS_LEASE',
  'WCS_LEASE_MAX',
  'WCS_KEEP_BY',
  'WCS_KEEP_UNKNOWN',
  'WCS_USE_FRESH',
  'WCS_IDLE',
  'WCS_CRASH_HOLD',
  'WCS_AUDIT_KEEP',
  'WCS_USERS',
  'WCS_CHANNELS',
  'WCS_ADMINS',
  'WCS_ADMIN_CHANNEL',
  'WCS_RIGS_PER_USER',
  'WCS_RIGS_MAX',
  'WCS_LAUNCH_DEADLINE',
  'WCS_OUTBOX_LEASE',
  'WCS_REMIND',
  'WCS_GRACE',
  'WCS_SWEEP',
  'WCS_NOTE',
  'WCS_SSH',
] as const;

export const workerVariables = [
  'DOCKER_HOST',
  'WCS_HOST',
  'WCS_NETWORK',
  'WCS_PARENT',
  'WCS_SUBNET',
  'WCS_GATEWAY',
  'WCS_RANGE',
  'WCS_DHCP',
  'WCS_LAN',
  'WCS_SLOTS',
  'WCS_RIG_MEMORY',
  'WCS_RIG_CPUS',
  'WCS_IMAGE',
  'WCS_LICENSE',
  'WCS_REGISTRY_AUTH',
  'WCS_REGISTRY_CHECK',
  'WCS_REGISTRY_TIMEOUT',
  'WCS_KEEP_IMAGES',
  'WCS_STATE_DIR',
  'WCS_READY_PORTS',
  'WCS_READY_TIMEOUT',
  'WCS_READY_CHECK',
  'WCS_STOP_GRACE',
  'WCS_MIRROR',
  'WCS_SURVEY',
  'WCS_WATCH',
  'WCS_USE_EVERY',
  'WCS_IDLE_RATE',
  'WCS_PRESENCE',
  'WCS_LOG_TAIL',
] as const;

/** Read by the compose file alone. */
export const composeVariables = [
  'COMPOSE_PROFILES',
  'WCS_DOCKER_SOCKET',
  'WCS_REDIS_BIND',
  'WCS_REDIS_HOST',
  'WCS_REDIS_PASSWORD',
  'WCS_REDIS_PORT',
] as const;

export const knownVariables: readonly string[] = [
  ...commonVariables,
  ...botVariables,
  ...workerVariables,
  ...composeVariables,
];
