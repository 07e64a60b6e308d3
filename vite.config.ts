import { readFileSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import solid from 'vite-plugin-solid'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')) as {
  version: string
}

/** Icons are markup, not script: the sprite stands in the page itself and is there with the first paint. */
const sprite = (): Plugin => ({
  name: 'tideline-sprite',
  transformIndexHtml: (html) =>
    html.replace(
      '<!--sprite-->',
      readFileSync(new URL('src/views/kit/sprite.svg', import.meta.url), 'utf8').replaceAll('\n', ''),
    ),
})

/**
 * What the first screen needs is two scripts, libraries and ours, and not one for each module that a later script
 * shares with it: fewer requests, and 8 % less to fetch, since what stands together is compressed together.
 */
const needed = new Set<string>()
const firstScreen = (): Plugin => ({
  name: 'tideline-first-screen',
  apply: 'build',
  buildEnd() {
    const visit = (id: string) => {
      if (needed.has(id)) return
      needed.add(id)
      this.getModuleInfo(id)?.importedIds.forEach(visit)
    }
    for (const id of this.getModuleIds()) if (this.getModuleInfo(id)?.isEntry) visit(id)
  },
})

/**
 * A first visit draws the sign-in, perhaps in English: both are scripts of their own, known only once the first one
 * runs. Asked for together with it, they save two rounds of a slow network. A later visit finds all of it stored.
 */
const firstVisit = (): Plugin => ({
  name: 'tideline-first-visit',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler(html, { bundle = {} }) {
      const chunks = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? [file] : []))
      const filesOf = (module: string): string[] => {
        const found = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(module))
        if (!found) this.error(`${module} is no script of its own any more.`)
        const imported = chunks.filter(({ fileName }) => found.imports.includes(fileName))
        const files = [found, ...imported].flatMap((chunk) => [
          chunk.fileName,
          ...(chunk.viteMetadata?.importedCss ?? []),
        ])
        return files.filter((file) => !html.includes(file))
      }
      const wanted = {
        english: filesOf('/dictionaries/en/index.ts'),
        signIn: filesOf('/auth/SignIn.tsx'),
      }
      const script = `try {
        var wanted = ${JSON.stringify(wanted)}
        var language = JSON.parse(localStorage.getItem('tideline.language') || 'null')
        language = language || navigator.languages.find(function (tag) { return /^(pt|en)/i.test(tag) }) || ''
        var files = /^en/i.test(language) ? wanted.english : []
        if (!localStorage.getItem('tideline.session')) files = files.concat(wanted.signIn)
        files.forEach(function (file) {
          var link = document.createElement('link')
          var isSheet = /css$/.test(file)
          link.rel = isSheet ? 'preload' : 'modulepreload'
          if (isSheet) {
            // As the app asks for it later, or it would be fetched twice.
            link.as = 'style'
            link.crossOrigin = ''
          }
          link.href = '/' + file
          document.head.append(link)
        })
      } catch (error) {}`
      return html.replace('</head>', `<script>${script}</script></head>`)
    },
  },
})

/** `npm run dev`: the embedded stack runs beside and answers what is not the app's. */
const stack = process.env['TIDELINE_STACK_URL'] ?? 'http://127.0.0.1:4173'
const ofTheStack = ['/auth/v1', '/rest/v1', '/realtime/v1', '/storage/v1', '/functions/v1', '/healthz']

export default defineConfig({
  plugins: [
    solid(),
    sprite(),
    firstScreen(),
    firstVisit(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src/worker',
      filename: 'sw.ts',
      injectRegister: false,
      manifestFilename: 'manifest.webmanifest',
      includeAssets: ['icons/*.png', 'icons/*.svg'],
      injectManifest: {
        // A classic script, one file: what it imports on demand stands in it as functions that run when called.
        rollupFormat: 'iife',
        globPatterns: ['**/*.{js,css,html,svg,png,webmanifest}'],
        // For whoever decides to install; the installed app has no use for them.
        globIgnores: ['screenshots/**'],
        injectionPoint: 'self.__WB_MANIFEST',
      },
      manifest: {
        id: '/',
        name: 'Tideline',
        short_name: 'Tideline',
        description: 'Conversas, tarefas e agentes da equipe, com rede ou sem.',
        lang: 'pt-BR',
        dir: 'ltr',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        background_color: '#f2f1ec',
        theme_color: '#f2f1ec',
        categories: ['business', 'productivity'],
        icons: [
          { src: '/icons/icon.svg', sizes: 'any', type: 'image/svg+xml', purpose: 'any' },
          { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
          { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
          { src: '/icons/maskable-192.png', sizes: '192x192', type: 'image/png', purpose: 'maskable' },
          { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
        screenshots: [
          { src: '/screenshots/wide.png', sizes: '1440x900', type: 'image/png', form_factor: 'wide' },
          { src: '/screenshots/narrow.png', sizes: '780x1688', type: 'image/png', form_factor: 'narrow' },
        ],
        shortcuts: [
          {
            name: 'Nova tarefa',
            url: '/tasks?new=1',
            icons: [{ src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' }],
          },
        ],
      },
    }),
  ],
  define: {
    'import.meta.env.TIDELINE_VERSION': JSON.stringify(version),
    'import.meta.env.TIDELINE_BUILT_AT': String(Date.now()),
  },
  resolve: {
    alias: [
      {
        // Yjs warns through lib0's logger, whose browser half brings a DOM renderer and a schema library (7 kB).
        find: 'lib0/logging',
        replacement: new URL('node_modules/lib0/logging.node.js', import.meta.url).pathname,
      },
    ],
  },
  build: {
    target: 'es2022',
    sourcemap: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'libraries', test: (id) => needed.has(id) && id.includes('/node_modules/'), priority: 1 },
            { name: 'tideline', test: (id) => needed.has(id) },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ofTheStack.map((path) => [path, { target: stack, ws: path === '/realtime/v1' }]),
    ),
  },
})
