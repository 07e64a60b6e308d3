import { defineConfig } from 'vitest/config'
import solid from 'vite-plugin-solid'

// Four rooms of tests: `unit` needs nothing, `dom` needs jsdom, `stack` shares one embedded stack,
// `e2e` drives a real Chromium against a stack of its own.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{src,local,supabase,agents,bench,scripts}/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'src/views/**', 'src/stores/**'],
          environment: 'node',
          testTimeout: 15_000,
        },
      },
      {
        plugins: [solid({ hot: false })],
        resolve: { conditions: ['development', 'browser'] },
        test: {
          name: 'dom',
          include: ['src/{views,stores}/**/*.test.{ts,tsx}'],
          environment: 'jsdom',
          testTimeout: 15_000,
        },
      },
      {
        test: {
          name: 'stack',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/e2e/**'],
          globalSetup: ['tests/harness/stack.ts'],
          environment: 'node',
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
