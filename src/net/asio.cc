// The implementation of Asio, compiled here once.
#include "net/asio.h"

#include <boost/asio/impl/src.hpp>
