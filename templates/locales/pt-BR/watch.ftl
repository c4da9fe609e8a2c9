room-health = Saúde
room-connection = Conexão

overview-text = O armazenamento, quem está aqui e o que aconteceu por último. A página se atualiza sozinha.
overview-storage = Armazenamento
overview-latency = O TrueNAS responde em { $ms } ms.
overview-online = Pessoas agora
overview-online-text = com o portal aberto
overview-open = Sessões abertas
overview-people = { $count ->
    [one] de { $count } pessoa
   *[other] de { $count } pessoas
}
overview-alerts = Alertas do TrueNAS
overview-alerts-text = abertos, de aviso para cima
overview-key = O TrueNAS recusa a chave de serviço
overview-key-text = Enquanto isso ninguém consegue entrar com a conta do TrueNAS. Crie outra chave e ponha no lugar da antiga; o portal passa a usá-la sozinho.
overview-key-try = Testar a conexão
overview-ahead = Manutenção prevista: começa { $starts } e termina { $ends }.
overview-running = Manutenção em andamento desde { $starts }, até { $ends }.
overview-overdue = A manutenção começou { $starts } e devia ter terminado { $ends }.

online-title = Quem está aqui
online-nobody = Ninguém está com o portal aberto.
online-more = { $count ->
    [one] e mais { $count } pessoa
   *[other] e mais { $count } pessoas
}

health-text = O que aconteceu com o armazenamento, em quanto tempo ele responde, seus alertas e seus discos.
watch-unread = Ainda não foi possível perguntar ao TrueNAS.

feed-title = Acontecimentos
feed-text = Do mais novo para o mais antigo.
feed-all = Ver todos
feed-older = Mais antigos
feed-pause = Pausar
feed-go-on = Continuar
feed-new = { $count ->
    [one] { $count } novo
   *[other] { $count } novos
}
feed-none = Nada aconteceu até agora.
feed-filter = Mostrar
light-all = Tudo
light-trouble = Problemas
light-attention = Avisos
light-planned = Previstos
light-well = Normalizações
light-plain = Informações

chart-title = Tempo de resposta do TrueNAS
chart-more = 24 horas
chart-ranges = Período
range-hour = 1 h
range-day = 24 h
range-week = 7 dias
range-month = 30 dias
chart-ms = { $ms } ms
chart-silent = sem resposta
chart-none = Ainda não há medições neste período.
chart-table = Ver os números em tabela
chart-from = A partir de
chart-time = Hora
chart-mean = Média
chart-max = Máxima
chart-worst = Pior estado
chart-window = janela de manutenção
chart-planned = Manutenção ou reinício
chart-unknown = Sem medição

pools-title = Discos (pools)
pools-none = O TrueNAS não tem nenhum pool, ou a chave não pode perguntar.
pools-used = { $percent } % em uso
pools-amount = { $allocated } de { $size } em uso ({ $percent } %)
pools-unreadable = O TrueNAS não consegue ler este pool.
pools-scrub = Verificação dos dados: { $percent } %

alerts-title = Alertas
alerts-none = Nenhum alerta no TrueNAS.
alert-info = Informação
alert-notice = Observação
alert-warning = Aviso
alert-error = Erro
alert-critical = Crítico
alert-alert = Alerta grave
alert-emergency = Emergência
alert-dismissed = dispensado no TrueNAS
alert-silenced = silenciado até { $until }
silence-open = Silenciar
silence-this = Só este, por
silence-class = Todos deste tipo, por
silence-hours = { $count ->
    [one] { $count } hora
   *[other] { $count } horas
}
silence-do = Silenciar
silences-title = Silêncios em vigor
silences-class = Todos do tipo { $name }
silences-until = até { $until }, por { $person }
silences-end = Voltar a avisar
