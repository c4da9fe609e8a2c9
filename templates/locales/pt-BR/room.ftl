room-rail = Administração
room-overview = Visão geral
room-sessions = Pessoas e sessões
room-bans = Bloqueios
room-audit = Auditoria
room-unguarded = Administração sem segundo fator
room-unguarded-text = Quem souber a senha de um administrador abre estas páginas. Para pedir também um código, escreva second_factor = "required" em [auth].

confirm-title = Confirme que é você
confirm-text = Digite o código que o aplicativo autenticador mostra agora.
confirm-form = O que você digitou não se perdeu
confirm-form-text = O último código foi há mais de dez minutos. Depois deste, você volta à página do formulário, com os campos como estavam, e envia de novo.
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

overview-text = O que está acontecendo agora.
overview-storage = Armazenamento
overview-since = Desde
overview-latency = responde em { $ms } ms
overview-people = Pessoas conectadas
overview-sessions = { $count ->
    [one] { $count } sessão aberta
   *[other] { $count } sessões abertas
}
overview-alerts = Alertas do TrueNAS
overview-alerts-text = de aviso para cima, ainda abertos
overview-version = Versão
