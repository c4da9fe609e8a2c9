room-rail = Administração
room-overview = Visão geral
room-sessions = Pessoas e sessões
room-bans = Bloqueios
room-audit = Auditoria
room-unguarded = Administração sem segundo fator
room-unguarded-text = Quem souber a senha de um administrador abre estas páginas. Para pedir também um código, escreva second_factor = "required" em [auth].

confirm-title = Confirme que é você
confirm-text = Digite o código que o aplicativo autenticador mostra agora.
confirm-form = Mais um código
confirm-form-text = O último código foi há mais de dez minutos. Depois deste, você volta à página onde estava, com o que digitou, e repete o pedido.
confirm-back = Voltar aos meus drives
confirm-promise = Um código vale para a sessão. O que dá poder sobre outras pessoas pede outro depois de dez minutos.
enrol-title = Cadastre o segundo fator
enrol-text = Quem administra o portal confirma a senha com um código do celular.
enrol-scan = Abra o aplicativo autenticador no celular e leia este código.
enrol-qr = Código QR com o segredo que está escrito logo abaixo
enrol-here = Abrir no aplicativo deste aparelho
enrol-type = Sem câmera, digite o segredo:
enrol-answer = Digite abaixo os seis números que o aplicativo mostra.
enrol-finish = Concluir o cadastro
enrol-promise = O segredo não será mostrado de novo. Se perder o celular, quem cuida do servidor apaga o cadastro, e você faz outro.
enrol-again-text = Para cadastrar o celular, a senha tem que ter sido conferida há menos de dez minutos. Entre de novo e volte aqui.
enrol-again = Sair e entrar de novo
problem-factor-text = Ele está errado ou já foi usado.

room-search = Buscar
room-clear = Limpar a busca
room-actions = Ações
room-cancel = Cancelar
room-pages = Páginas
room-page = Página { $page } de { $last }
room-page-before = Anterior
room-page-after = Próxima

all-count = { $people ->
    [one] { $people } pessoa
   *[other] { $people } pessoas
}, { $sessions ->
    [one] { $sessions } sessão
   *[other] { $sessions } sessões
}
all-search = Pessoa, endereço ou aparelho
all-person = Pessoa
all-device = Aparelho
all-administrator = administração
all-local = acesso de emergência
all-end = Encerrar sessão
all-end-all = Encerrar as { $count }
all-nobody = Ninguém encontrado
all-nobody-text = Nenhuma sessão aberta combina com a busca.
ask-end = Encerrar esta sessão?
ask-end-all = Encerrar todas as sessões desta pessoa?
ask-end-text = A página aberta se fecha na hora e diz que a sessão foi encerrada pela administração. A pessoa pode entrar de novo com a senha.
ask-end-all-verb = Encerrar todas

bans-text = Quem errou vezes demais espera antes de tentar de novo. As esperas passam sozinhas.
bans-who = Quem espera
bans-why = Motivo
bans-until = Até
bans-lift = Liberar
bans-pair = { $account }, a partir de { $address }
bans-account = { $account }, de qualquer endereço novo
bans-address = Qualquer conta, a partir de { $address }
bans-emergency = acesso de emergência
bans-code = código de administrador
bans-failures = { $count ->
    [one] { $count } tentativa
   *[other] { $count } tentativas
}
bans-none = Ninguém está esperando
bans-none-text = Quando alguém errar a senha ou o código vezes demais, aparece aqui.

audit-text = Quem fez o quê. Nada aqui pode ser mudado ou apagado pelo portal.
audit-export = Baixar CSV
audit-action = O quê
audit-any = Qualquer coisa
audit-actor = Quem
audit-holds = Contém
audit-number = Nº
audit-when = Quando
audit-address = De onde
audit-subject = A quem ou a quê
audit-detail = Detalhe
audit-here = no servidor
audit-newest = Mais novos
audit-older = Mais antigos
audit-none = Nenhum registro
audit-none-text = Nada na trilha combina com a busca.
action-sign-in = Entrada
action-sign-in-refused = Entrada recusada
action-break-glass = Entrada de emergência
action-break-glass-refused = Entrada de emergência recusada
action-sign-out = Saída
action-session-ended = Sessão encerrada
action-script = Script de drives baixado
action-ban-placed = Espera imposta
action-ban-lifted = Espera liberada
action-administrator-created = Administrador local criado
action-administrator-removed = Administrador local removido
action-maintenance-planned = Manutenção planejada
action-maintenance-changed = Manutenção mudada
action-maintenance-called-off = Manutenção cancelada
action-announcement-published = Comunicado publicado
action-announcement-removed = Comunicado removido
action-incident = Incidente descrito
action-silenced = Alerta silenciado
action-heard-again = Alerta ouvido de novo
action-factor-enrolled = Segundo fator cadastrado
action-factor-reset = Segundo fator apagado
action-copy-restored = Cópia de segurança restaurada
action-confirmed = Código confirmado
action-confirmation-refused = Código recusado
action-audit-exported = Auditoria baixada
detail-employee = acesso comum
detail-password = a senha não confere
detail-unknown = a conta não existe no TrueNAS
detail-denied = o TrueNAS recusou sem dizer por quê
detail-restricted = a conta não pode entrar agora, ou não daqui
detail-code = o código não confere
detail-expired = a senha expirou
detail-account-expired = a conta expirou
detail-locked = a conta está bloqueada
detail-disabled = a conta está desativada
detail-filtered = só as linhas filtradas
detail-whole = inteiro
detail-session = uma sessão, aberta em { $address }
detail-sessions = { $count ->
    [one] { $count } sessão
   *[other] { $count } sessões
}
detail-others = { $count ->
    [one] { $count } outra sessão
   *[other] { $count } outras sessões
}
detail-entries = { $count ->
    [one] { $count } registro
   *[other] { $count } registros
}
detail-role = os direitos no portal mudaram
detail-elsewhere = encerrada em outro navegador
verify-title = Conferência da trilha
verify-never = Cada registro traz um código que depende de todos os anteriores. A trilha ainda não foi conferida desde que o servidor iniciou.
verify-running = Conferindo a trilha inteira…
verify-whole = { $count ->
    [one] Íntegra: { $count } registro conferido
   *[other] Íntegra: { $count } registros conferidos
}
verify-hash = Código do último registro (anote-o fora desta máquina):
verify-broken = A trilha foi adulterada.
verify-broken-text = O que vem antes confere. Guarde uma cópia do banco como está e compare com uma cópia de segurança.
verify-altered = O registro { $number } não confere.
verify-unreadable = O registro { $number } não pode ser lido.
verify-missing = O registro { $number } foi removido.
verify-added = O registro { $number } não foi feito pelo Farol.
verify-cut = Do registro { $number } em diante, a trilha foi cortada.
verify-head = A marca do fim da trilha sumiu ou foi alterada; o último registro é o { $number }.
verify-failed = A trilha não pôde ser lida. O motivo está no registro (log) do servidor.
verify-now = Conferir agora
