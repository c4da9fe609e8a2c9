room-maintenance = Manutenções
room-announcements = Comunicados
room-incidents = Incidentes
action-calendar-renewed = Endereço do calendário trocado

entry-missing = Preencha este campo.
entry-too-long = O texto é longo demais.
entry-unprintable = Há caracteres invisíveis no texto. Digite de novo, sem colar.
entry-unknown = Isto não foi reconhecido. Escolha um dos valores oferecidos.
entry-ends-before-start = O fim precisa vir depois do começo.
entry-lasts-too-long = Uma manutenção dura no máximo 7 dias.
entry-past = Este momento já passou.
entry-out-of-range = O valor está fora do permitido.
entry-wrong = Nada foi salvo ainda
entry-wrong-text = Corrija os campos marcados. O que você digitou continua aqui.
entry-title-portuguese = Título em português
entry-title-english = Título em inglês
entry-english-hint = Opcional. Sem ele, vale o português.

plans-online = { $count ->
    [0] Ninguém está com o portal aberto agora.
    [one] { $count } pessoa está com o portal aberto agora.
   *[other] { $count } pessoas estão com o portal aberto agora.
}
plans-running = Em andamento
plans-coming = Próximas
plans-none = Nenhuma manutenção planejada para os próximos 60 dias.
plans-past = Anteriores ({ $count })
plan-ahead = planejada
plan-running = em andamento
plan-overdue = demora além do previsto
plan-over = concluída
plan-called-off = cancelada
plan-repeats = repete
plan-all-shares = todas as pastas
plan-longer-half = Mais 30 min
plan-longer-hour = Mais 1 h
plan-change = Editar
plan-change-all = Editar a série
plan-off = Cancelar esta
plan-off-all = Cancelar todas
off-title = Cancelar esta manutenção?
off-all-title = Cancelar toda a série?
off-text = Quem já foi avisado recebe um aviso do cancelamento.
off-all-text = Nenhuma das próximas acontece mais. Quem já foi avisado recebe um aviso.
off-keep = Manter
plan-new = Planejar manutenção
plan-new-text = As pessoas são avisadas um dia, 60, 15 e 1 minuto antes, no começo e no fim.
plan-change-title = Editar manutenção
plan-change-text = Se o horário mudar, quem já foi avisado recebe o novo.
plan-what = O que as pessoas leem
plan-text-portuguese = Texto em português
plan-text-english = Texto em inglês
plan-text-hint = Opcional: o que para, o que fazer antes.
plan-when = Quando
plan-rule = Com que frequência
rule-once = Uma vez
rule-weekly = Toda semana
rule-monthly = Todo mês
plan-starts = Começa
plan-ends = Termina
plan-weekdays = Dias da semana
plan-day = Dia do mês
plan-time = Começa às
plan-minutes = Duração em minutos
plan-zone = Fuso horário
plan-zone-hint = Escolha da lista ou digite, por exemplo America/Cuiaba.
plan-shares = Pastas afetadas
plan-shares-text = Sem nenhuma marcada, são todas. Só quem alcança uma das marcadas é avisado; a página pública e as mensagens para fora dizem apenas o horário.
plan-shares-unknown = As pastas ainda não foram lidas do TrueNAS: a manutenção vale para todas.
plan-verb = Planejar
plan-save = Salvar mudanças
month-day = dia { $n }
day-monday = segunda-feira
day-tuesday = terça-feira
day-wednesday = quarta-feira
day-thursday = quinta-feira
day-friday = sexta-feira
day-saturday = sábado
day-sunday = domingo
nth-monday = { $n }ª segunda-feira do mês
nth-tuesday = { $n }ª terça-feira do mês
nth-wednesday = { $n }ª quarta-feira do mês
nth-thursday = { $n }ª quinta-feira do mês
nth-friday = { $n }ª sexta-feira do mês
nth-saturday = { $n }º sábado do mês
nth-sunday = { $n }º domingo do mês
last-monday = última segunda-feira do mês
last-tuesday = última terça-feira do mês
last-wednesday = última quarta-feira do mês
last-thursday = última quinta-feira do mês
last-friday = última sexta-feira do mês
last-saturday = último sábado do mês
last-sunday = último domingo do mês

preview-title = Como vai ser
preview-waiting = Preencha título e horário para ver as próximas datas e o que as pessoas vão ler.
preview-next = Próximas vezes
preview-told = Avisos
preview-see = Conferir antes
preview-online = Agora { $online ->
    [0] ninguém está
    [one] { $online } pessoa está
   *[other] { $online } pessoas estão
} com o portal aberto; isto afeta { $concerned }.
calendar-name = Manutenções do armazenamento
calendar-title = Manutenções na sua agenda
calendar-text = Este endereço mostra as manutenções que afetam todos, em qualquer programa de agenda. Ele não pede senha: passe só a quem é da casa.
calendar-own-text = Assine este endereço no seu programa de agenda. Ele não pede senha: não passe adiante. O arquivo traz também o que afeta só as suas pastas.
calendar-copy = Copiar o endereço
calendar-download = Baixar .ics
calendar-renew = Trocar o endereço
calendar-renew-text = Ao trocar, o endereço antigo deixa de funcionar em todas as agendas. Pede um código recente.

published-text = Ficam na página de quem precisa ler até você remover.
published-none = Nenhum comunicado publicado.
published-pinned = na página
published-gone = fora da página
published-group = grupo { $group }
published-everybody = todos
published-until = até { $at }
published-confirmed = { $count ->
    [0] Ninguém leu ainda
   *[other] Ver quem leu ({ $count })
}
published-remove = Remover
remove-title = Remover este comunicado?
remove-text = Ele sai da página de todos. Quem confirmou a leitura continua registrado.
announce-new = Novo comunicado
announce-portuguese = Texto em português
announce-english = Texto em inglês
announce-group = Para o grupo
announce-group-hint = Nome do grupo no TrueNAS. Vazio: todos.
announce-until = Fica até
announce-until-hint = Vazio: até alguém remover.
announce-confirm = Pedir “Li e entendi” a cada pessoa
announce-verb = Publicar
confirmations-title = Quem leu
confirmations-text = { $count ->
    [one] { $count } pessoa confirmou a leitura.
   *[other] { $count } pessoas confirmaram a leitura.
}
confirmations-none = Ninguém confirmou ainda.

incidents-text = O que você escreve aqui aparece para todos, atualização por atualização.
incidents-open = Abertos
incidents-over = Resolvidos
incidents-none = Nenhum incidente aberto.
incident-new = Abrir incidente
incident-open-verb = Abrir e avisar todos
incident-portuguese = O que dizer, em português
incident-english = O que dizer, em inglês
incident-text-hint = O que acontece, o que fazer enquanto isso.
incident-state = Situação
incident-update = Atualizar
incident-see = Ver
incident-update-title = Nova atualização
incident-update-verb = Publicar atualização
incident-updates = Atualizações
