import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['dist/**', 'node_modules/**'],
    maxWorkers: 2,
    // Modules are loaded once a worker, not once a file: no test keeps anything in them that another could see.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: {
      include: ['policies/**/*.ts'],
      reporter: [['text', { skipFull: true }]],
      thresholds: { branches: 100 },
    },
  },
})
