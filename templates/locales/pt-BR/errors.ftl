error-not-found = Página não encontrada
error-not-found-text = O endereço não existe ou mudou de lugar.
error-broken = Erro do servidor
error-broken-text = O pedido não pôde ser atendido. O erro foi registrado; se ele se repetir, avise a equipe de TI.
error-request = Código para a equipe de TI: { $id }
error-home = Voltar ao início
