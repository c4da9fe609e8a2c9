sessions-title = Minhas sessões
sessions-text = Onde a sua conta está aberta agora. Encerre o que não reconhecer.
sessions-this = Este navegador
sessions-address = Endereço
sessions-since = Desde
sessions-used = Último uso
sessions-ends = Termina
sessions-end = Encerrar
sessions-end-others = { $count ->
    [one] Encerrar a outra
   *[other] Encerrar as outras
}
device-known = { $browser } no { $system }
device-browser = { $browser }
device-system = Navegador no { $system }
device-unknown = Navegador desconhecido
